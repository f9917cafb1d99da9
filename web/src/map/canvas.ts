/** A sheet to draw the map's small pictures on, at twice the pixels they show. */
export function canvas(size: number): CanvasRenderingContext2D | null {
  const element = document.createElement("canvas");
  element.width = element.height = size * 2;
  const pen = element.getContext("2d");
  pen?.scale(2, 2);
  return pen;
}

/** When a view's first picture was on screen: told once, again only where nobody heard; a moment of golden time. */
import { ApiError, api } from "../wire/http";

export class Seen {
  private told: string | null = null;

  /** A picture of this view is on screen now; a page that nobody looks at shows nothing. */
  tell(viewId: string): void {
    if (this.told === viewId || document.visibilityState === "hidden") return;
    this.told = viewId;
    api.post(`/api/views/${viewId}/seen`).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error; // it has ended meanwhile, and its end is what matters
      if (error.status === 0 && this.told === viewId) this.told = null; // no link: the next picture tells
    });
  }
}

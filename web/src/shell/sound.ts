/** What an unacknowledged incident sounds like, and how often; louder matters sound more often. */
import type { IncidentSummary, Severity } from "../wire/types";

const PATTERNS: Record<Severity, { every: number; tones: number[] } | null> = {
  critical: { every: 3000, tones: [988, 740, 988] },
  warning: { every: 8000, tones: [740, 740] },
  caution: { every: 30_000, tones: [523] },
  notice: null,
};
const ORDER: Severity[] = ["critical", "warning", "caution", "notice"];

/** The most severe among those that nobody has acknowledged; null is silence. */
export function loudest(incidents: Iterable<IncidentSummary>): Severity | null {
  let found: Severity | null = null;
  for (const item of incidents)
    if (item.acknowledged_at === null && item.state === "open")
      if (found === null || ORDER.indexOf(item.severity) < ORDER.indexOf(found)) found = item.severity;
  return found && PATTERNS[found] ? found : null;
}

export class Alarm {
  private context: AudioContext | null = null;
  private timer: number | undefined;
  private sounding: Severity | null = null;

  /** True while the browser refuses sound until somebody touches the page. */
  get blocked(): boolean {
    return this.sounding !== null && this.context?.state === "suspended";
  }

  sound(severity: Severity | null): void {
    if (severity === this.sounding) return;
    this.sounding = severity;
    window.clearInterval(this.timer);
    const pattern = severity ? PATTERNS[severity] : null;
    if (!pattern) return;
    this.play(pattern.tones);
    this.timer = window.setInterval(() => this.play(pattern.tones), pattern.every);
  }

  /** The pattern a single time, for what has just come; nothing while the browser refuses sound. */
  once(severity: Severity): void {
    this.play(PATTERNS[severity]?.tones ?? []);
  }

  async unblock(): Promise<void> {
    this.context ??= new AudioContext();
    await this.context.resume();
  }

  private play(tones: number[]): void {
    if (typeof AudioContext === "undefined") return;
    this.context ??= new AudioContext();
    if (this.context.state !== "running") return;
    const start = this.context.currentTime;
    tones.forEach((tone, index) => {
      const context = this.context as AudioContext;
      const voice = context.createOscillator();
      const loudness = context.createGain();
      const at = start + index * 0.2;
      voice.frequency.value = tone;
      loudness.gain.setValueAtTime(0, at);
      loudness.gain.linearRampToValueAtTime(0.25, at + 0.02);
      loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.18);
      voice.connect(loudness).connect(context.destination);
      voice.start(at);
      voice.stop(at + 0.2);
    });
  }
}

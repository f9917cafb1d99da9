/** Saved groups of cameras and the tours through them. */
import { useCallback, useEffect, useState } from "react";
import type { DutyCamera } from "../tiles/Strip";
import { ApiError, api } from "../wire/http";
import type { Group, Text } from "../wire/types";
import { useWords } from "../words/words";
import { Icon } from "./icons";

export function Groups({ current, play }: { current: readonly DutyCamera[]; play: (group: Group) => void }) {
  const { t, say } = useWords();
  const [open, setOpen] = useState(false);
  const [groups, setGroups] = useState<Group[]>([]);
  const [name, setName] = useState("");
  const [seconds, setSeconds] = useState(0);
  const [problem, setProblem] = useState<Text | null>(null);
  const attempt = useCallback(async (work: () => Promise<unknown>) => {
    try {
      await work();
      setGroups((await api.get<{ items: Group[] }>("/api/groups")).items);
      setProblem(null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.text);
    }
  }, []);
  useEffect(() => {
    if (open) void attempt(async () => {});
  }, [open, attempt]);
  const cameras = current.map((camera) => camera.id);
  const save = () =>
    attempt(async () => {
      await api.post("/api/groups", { name, cameras, tour_seconds: seconds > 0 ? seconds : null });
      setName("");
    });
  return (
    <div className="groups">
      <button
        type="button"
        className="floating small"
        aria-expanded={open}
        data-testid="groups"
        onClick={() => setOpen(!open)}
      >
        <Icon name="layers" /> {t("groups.title")}
      </button>
      {open ? (
        <div className="floating groups-panel">
          {problem ? <p className="problem">{say(problem)}</p> : null}
          {groups.length === 0 && !problem ? <p className="meta">{t("groups.none")}</p> : null}
          {groups.map((group) => (
            <div key={group.id} className="camera-line">
              <button type="button" className="plain" onClick={() => play(group)}>
                <strong>{group.name}</strong>{" "}
                <span className="meta">
                  {t("groups.cameras", { count: group.cameras.length })}
                  {group.tour_seconds ? ` · ${t("groups.tour", { seconds: group.tour_seconds })}` : ""}
                </span>
              </button>
              <span className="right">
                {cameras.length > 0 ? (
                  <button
                    type="button"
                    className="small"
                    onClick={() =>
                      void attempt(() =>
                        api.put(`/api/groups/${group.id}`, {
                          name: group.name,
                          tour_seconds: group.tour_seconds,
                          cameras: [...new Set([...group.cameras, ...cameras])],
                        }),
                      )
                    }
                  >
                    {t("groups.add")}
                  </button>
                ) : null}
                <button
                  type="button"
                  className="small"
                  onClick={() => void attempt(() => api.remove(`/api/groups/${group.id}`))}
                >
                  {t("word.delete")}
                </button>
              </span>
            </div>
          ))}
          {cameras.length > 0 ? (
            <form
              className="group-form"
              onSubmit={(event) => {
                event.preventDefault();
                void save();
              }}
            >
              <input
                required
                value={name}
                placeholder={t("groups.name")}
                aria-label={t("groups.name")}
                onChange={(event) => setName(event.target.value)}
              />
              <select
                value={seconds}
                aria-label={t("groups.each")}
                onChange={(event) => setSeconds(Number(event.target.value))}
              >
                {[0, 10, 20, 30, 60].map((each) => (
                  <option key={each} value={each}>
                    {each === 0 ? t("groups.noTour") : t("groups.tour", { seconds: each })}
                  </option>
                ))}
              </select>
              <button type="submit" className="small filled">
                {t("groups.save", { count: cameras.length })}
              </button>
            </form>
          ) : (
            <p className="meta">{t("groups.help")}</p>
          )}
        </div>
      ) : null}
    </div>
  );
}

/** The list of keys, as they are in force now. */
import { useWords } from "../words/words";
import { Dialog, DialogFoot } from "./Dialog";
import type { Shortcut } from "./keyboard";

export function Help({ shortcuts, cancel }: { shortcuts: readonly Shortcut[]; cancel: () => void }) {
  const { t } = useWords();
  return (
    <Dialog title={t("help.title")} cancel={cancel} testid="help-dialog">
      <dl className="help">
        {shortcuts
          .filter((each) => !each.hidden)
          .map((each) => (
            <div key={each.shown + each.code}>
              <dt>
                <kbd>{each.shown}</kbd>
              </dt>
              <dd>{t(each.word)}</dd>
            </div>
          ))}
      </dl>
      <p className="meta">{t("help.note")}</p>
      <DialogFoot cancel={cancel} closes />
    </Dialog>
  );
}

/** A question over the page: opened by a key, left by Esc, done by what stands last in its foot. */
import { type ReactNode, useEffect, useRef } from "react";
import { useWords } from "../words/words";

export function Dialog({
  title,
  cancel,
  children,
  testid,
}: {
  title: string;
  cancel: () => void;
  children: ReactNode;
  testid: string;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) element.showModal?.();
    // the dialog was opened by a key, to be answered by the next
    element?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      data-testid={testid}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        cancel();
      }}
    >
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}

type Foot = {
  cancel: () => void;
  /** Nothing was asked: the way out is called closing. */
  closes?: boolean;
  /** The way out is where the keyboard begins, and where nothing was asked it stands out. */
  first?: boolean;
  /** What may be done besides, before the way out. */
  besides?: ReactNode;
  /** What the dialog was opened for; usually a `Confirm`. */
  children?: ReactNode;
};

export function DialogFoot({ cancel, closes = false, first = false, besides, children }: Foot) {
  const { t } = useWords();
  return (
    <div className="dialog-foot">
      {besides}
      <button
        type="button"
        className={closes && first ? "filled" : undefined}
        data-first={first ? "" : undefined}
        onClick={cancel}
      >
        {t(closes ? "word.close" : "word.cancel")} <kbd>Esc</kbd>
      </button>
      {children}
    </div>
  );
}

/** Sends the dialog's form; `enter` false where Enter makes a new line, or the way out. */
export function Confirm(props: { children: ReactNode; testid: string; disabled?: boolean; enter?: boolean }) {
  const { children, testid, disabled, enter = true } = props;
  return (
    <button type="submit" className="filled" data-testid={testid} disabled={disabled}>
      {children}
      {enter ? (
        <>
          {" "}
          <kbd>Enter</kbd>
        </>
      ) : null}
    </button>
  );
}

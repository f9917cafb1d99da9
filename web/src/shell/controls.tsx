/** The small switches that every page has: language and theme. */

import { api } from "../wire/http";
import { pick, speak, useWords } from "../words/words";
import { Icon } from "./icons";
import { switchTheme, useTheme } from "./theme";

export function LanguageSwitch({ remember = false }: { remember?: boolean }) {
  const { language, t } = useWords();
  const other = language === "ko" ? "en" : "ko";
  return (
    <button
      type="button"
      className="plain"
      data-testid="language"
      title={t("shell.otherLanguage")}
      onClick={() => {
        if (!remember) return pick(other);
        speak(other);
        void api.put("/api/session/language", { language: other }).catch(() => {}); // only a preference
      }}
    >
      <span className={language === "ko" ? "on" : ""}>KO</span>
      <i aria-hidden="true" />
      <span className={language === "en" ? "on" : ""}>EN</span>
    </button>
  );
}

export function ThemeSwitch() {
  const theme = useTheme();
  const { t } = useWords();
  return (
    <button
      type="button"
      className="plain"
      data-testid="theme"
      aria-label={t(theme === "dark" ? "shell.light" : "shell.dark")}
      onClick={switchTheme}
    >
      <Icon name={theme === "dark" ? "sun" : "moon"} />
    </button>
  );
}

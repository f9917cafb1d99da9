/** The agencies that an incident can be shared with. */
import { useEffect, useState } from "react";
import { ApiError, api } from "../wire/http";
import type { Agency } from "./dialogs";

export function useAgencies(): readonly Agency[] {
  const [agencies, setAgencies] = useState<Agency[]>([]);
  useEffect(() => {
    api
      .get<{ items: Agency[] }>("/api/agencies")
      .then(({ items }) => setAgencies(items))
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error; // sharing then says that there is nobody
      });
  }, []);
  return agencies;
}

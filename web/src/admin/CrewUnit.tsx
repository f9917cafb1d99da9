/** Which unit a crew's account signs in for. */
import { useEffect, useState } from "react";
import { api } from "../wire/http";
import { useWords } from "../words/words";
import type { Attempt } from "./AdminPage";

type ListedUnit = { id: string; call_sign: string; agency_id: string; station_name: string };

/** The city's units, asked once the page needs them. */
export function useListedUnits(read: Attempt, wanted: boolean): readonly ListedUnit[] {
  const [units, setUnits] = useState<ListedUnit[]>([]);
  useEffect(() => {
    if (!wanted) return;
    void read(async () => {
      setUnits((await api.get<{ items: ListedUnit[] }>("/api/accounts/units")).items);
      return null;
    });
  }, [read, wanted]);
  return units;
}

export function UnitChoice({
  units,
  value,
  choose,
  name = "",
  id,
}: {
  units: readonly ListedUnit[];
  value: string;
  choose: (unit: string) => void;
  name?: string;
  id?: string;
}) {
  const { t } = useWords();
  return (
    <select
      id={id}
      value={value}
      required
      aria-label={t("admin.unit")}
      data-testid={`crew-unit-${name}`}
      onChange={(event) => choose(event.target.value)}
    >
      <option value="" disabled>
        {t(units.length > 0 ? "admin.unitChoose" : "units.none")}
      </option>
      {units.map((unit) => (
        <option key={unit.id} value={unit.id}>
          {unit.call_sign} · {unit.station_name}
        </option>
      ))}
    </select>
  );
}

// Finds by what somebody typed: every word has to be in the name, and what begins with them comes first.
export interface Choice {
  id: string;
  name: string;
  kind: string;
  note?: string;
  href?: string;
  run?: () => void;
}

const SHOWN_MAX = 40;

export function found(text: string, choices: readonly Choice[]): Choice[] {
  const parts = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return choices.filter((choice) => choice.kind !== 'task').slice(0, SHOWN_MAX);
  const hits: { choice: Choice; rank: number }[] = [];
  for (const choice of choices) {
    const name = choice.name.toLowerCase();
    const all = `${name} ${choice.note ?? ''} ${choice.kind}`.toLowerCase();
    if (!parts.every((part) => all.includes(part))) continue;
    hits.push({ choice, rank: name.startsWith(parts[0] as string) ? 0 : name.includes(parts[0] as string) ? 1 : 2 });
  }
  return hits
    .sort((a, b) => a.rank - b.rank)
    .slice(0, SHOWN_MAX)
    .map(({ choice }) => choice);
}

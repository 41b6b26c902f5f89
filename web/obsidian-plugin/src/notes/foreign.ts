// Text that somebody else wrote, made harmless for a note. In a note text is code: links lead out, embeds load pictures,
// `<% %>` and query blocks of other plugins run, HTML is drawn. Nothing of that may come from the text of a task.

/** Characters that are not to be seen, or turn what is: they can hide words or make a file look like another. */
const INVISIBLE = /[^\P{Cc}\n\t]|\p{Default_Ignorable_Code_Point}|[\p{Cf}\p{Zl}\p{Zp}]/gu;

export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replaceAll(INVISIBLE, '');
}

/** One line that reads as it is written and does nothing: every sign that could mean something is escaped. */
export function inLine(text: string): string {
  const line = visible(text).replaceAll(/\s+/g, ' ').trim();
  return line.replaceAll(/[!-/:-@[-`{-~]/g, (sign) => `\\${sign}`);
}

/** A block of plain text. Fences are longer than any in the text, and what other plugins would run is taken apart. */
export function asBlock(text: string): string {
  const plain = withoutTemplates(visible(text)).trimEnd();
  const longest = Math.max(2, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${plain}\n${fence}`;
}

/** Templates run wherever they stand, also in blocks. */
function withoutTemplates(text: string): string {
  return text.replaceAll('<%', '< %').replaceAll('%>', '% >').replaceAll('{{', '{ {').replaceAll('}}', '} }');
}

/** A string as YAML reads it back, whatever is in it. */
export function asYaml(text: string): string {
  return JSON.stringify(withoutTemplates(visible(text)).replaceAll(/\s+/g, ' ').trim());
}

/** Names that no system takes, and signs that no link may have. */
const UNFIT = /[\\/:*?"<>|#^[\]%{}`]/g;
/** Long enough to be told apart, short enough for every file system. */
const NAME_MAX = 80;

export function fileName(text: string): string {
  const name = visible(text)
    .replaceAll(UNFIT, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^[.\s]+/, '');
  return [...name].slice(0, NAME_MAX).join('').trim().replace(/\.+$/, '') || 'Task';
}

/** An address that may be made a link: of the web, and without a sign that could end it. */
export function webAddress(text: string | null | undefined): string | undefined {
  if (!text) return undefined;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  if (!['http:', 'https:'].includes(url.protocol) || url.username || url.password) return undefined;
  const href = url.href.replaceAll(/[<>()[\]`|\\"' ]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  // Templates again: an address may have `%` in it.
  return href.includes('<%') || href.includes('{{') ? undefined : href;
}

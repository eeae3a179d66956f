const RULE = /^([^\s:#=][^:=#]*?)\s*::?(?!=)\s*([^#;]*)(?:;\s*(.*))?$/;
const VARIABLE = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*(?::{0,2}|[?+])=\s*(.*)$/;
const MAX_DEPTH = 10;

/**
 * What `make TARGET …` runs, as shell text, as far as a makefile says it plainly: recipes of the targets and of everything they
 * need, with simple variables put in. Enough to see which files they start.
 */
export function makeRecipes(makefile: string, words: readonly string[]): string {
  const variables = new Map<string, string>();
  const rules = new Map<string, { needs: string[]; lines: string[] }>();
  let first: string | null = null;
  let open: { needs: string[]; lines: string[] }[] = [];
  for (const line of makefile.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    if (line.startsWith('\t')) {
      for (const rule of open) rule.lines.push(line.trim().replace(/^[@+-]+\s*/, ''));
      continue;
    }
    const variable = VARIABLE.exec(line);
    if (variable !== null) variables.set(variable[1] ?? '', variable[2] ?? '');
    const rule = variable === null ? RULE.exec(line) : null;
    if (rule === null) {
      if (line.trim() !== '' && !line.trim().startsWith('#')) open = [];
      continue;
    }
    const names = (rule[1] ?? '').split(/\s+/);
    first ??= names.find((name) => !name.startsWith('.')) ?? null;
    open = names.map((name) => {
      const known = rules.get(name) ?? { needs: [], lines: [] };
      rules.set(name, known);
      known.needs.push(...(rule[2] ?? '').split(/\s+/).filter((need) => need !== ''));
      if (rule[3] !== undefined) known.lines.push(rule[3]);
      return known;
    });
  }
  const named = words.filter((word) => !word.startsWith('-') && !word.includes('='));
  const targets = named.length > 0 ? named : first === null ? [] : [first];
  const seen = new Set<string>();
  const lines: string[] = [];
  const visit = (target: string, depth: number): void => {
    const rule = rules.get(target);
    if (rule === undefined || seen.has(target) || depth > MAX_DEPTH) return;
    seen.add(target);
    for (const need of rule.needs) visit(need, depth + 1);
    lines.push(...rule.lines);
  };
  for (const target of targets) visit(target, 0);
  return filledIn(lines.join('\n'), variables);
}

function filledIn(text: string, variables: ReadonlyMap<string, string>): string {
  let filled = text;
  for (let depth = 0; depth < MAX_DEPTH && /\$[({]/.test(filled); depth += 1)
    filled = filled.replaceAll(/\$[({]([\w.-]+)[)}]/g, (all, name: string) => variables.get(name) ?? all);
  return filled;
}

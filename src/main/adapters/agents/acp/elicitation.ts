import type { AgentQuestion } from '../../../runtime/agent-backend.ts';
import { fields, list, text } from './foreign.ts';
import type { Fields } from './foreign.ts';

/** An `elicitation/create` form: one question per property of its schema. */
export type Form = { readonly question: AgentQuestion; readonly keys: readonly FormField[] };

type FormField = {
  readonly key: string;
  readonly text: string;
  readonly required: boolean;
  readonly type: 'one' | 'many' | 'yes_no';
  readonly values: ReadonlyMap<string, string>;
  /** Takes any words, not only the values. */
  readonly open: boolean;
};

export type FormAnswer =
  | {
      readonly action: 'accept';
      readonly content: Readonly<Record<string, string | readonly string[] | boolean>>;
    }
  | { readonly action: 'decline' };

/** `null`: not a form omk can show (another mode, no fields, a field of a type it does not know). */
export function readForm(params: unknown, id: string): Form | null {
  const p = fields(params);
  if (p['mode'] !== undefined && p['mode'] !== 'form') return null;
  const schema = fields(p['requestedSchema']);
  const properties = Object.entries(fields(schema['properties'])).slice(0, 20);
  if (properties.length === 0) return null;
  const required = new Set(list(schema['required']));
  const message = text(p['message']) ?? '';
  // The texts of several questions come as lines of one message; the fields only have short titles.
  const lines = message.split('\n');
  const built = properties.map(([key, value], index) => {
    const field = fields(value);
    const own =
      properties.length === 1 ? message : lines.length === properties.length ? lines[index] : undefined;
    const header = text(field['title']) ?? '';
    return readField(key, field, own ?? (header === '' ? key : header), header, required.has(key));
  });
  if (built.some((one) => one === null)) return null;
  const known = built.filter((one) => one !== null);
  return {
    question: { id: text(p['toolCallId']) ?? id, questions: known.map((one) => one.question) },
    keys: known.map((one) => one.field),
  };
}

function readField(key: string, field: Fields, words: string, header: string, required: boolean) {
  const many = field['type'] === 'array';
  const source = many ? fields(field['items']) : field;
  const options =
    field['type'] === 'boolean'
      ? [option('Yes', 'Yes', ''), option('No', 'No', '')]
      : [...list(source['oneOf']), ...list(source['anyOf'])]
          .map(titled)
          .concat(list(source['enum']).map(plain));
  const known = options.filter((one) => one !== null);
  if (field['type'] !== 'string' && field['type'] !== 'boolean' && !(many && known.length > 0)) return null;
  const type = field['type'] === 'boolean' ? 'yes_no' : many ? 'many' : ('one' as const);
  const open =
    type !== 'yes_no' &&
    (known.length === 0 || [...list(source['oneOf']), ...list(source['anyOf'])].some(isAnyText));
  const question: AgentQuestion['questions'][number] = {
    text: words.slice(0, 2_000),
    header: header.slice(0, 200),
    options: known.map(({ label, description }) => ({ label, description })),
    multiSelect: many,
  };
  const values = new Map(known.map((one) => [one.label, one.value]));
  return { question, field: { key, text: question.text, required, type, values, open } satisfies FormField };
}

/** A branch of a schema that permits every text. */
function isAnyText(value: unknown): boolean {
  const branch = fields(value);
  return branch['type'] === 'string' && branch['const'] === undefined && branch['enum'] === undefined;
}

const option = (value: string, label: string, description: string) => ({ value, label, description });

function titled(value: unknown) {
  const field = fields(value);
  const constant = text(field['const']);
  if (constant === null) return null;
  return option(constant, text(field['title']) ?? constant, text(field['description']) ?? '');
}

function plain(value: unknown) {
  const constant = text(value);
  return constant === null ? null : option(constant, constant, '');
}

/**
 * The form as it was answered; `null` when the form has no place for all that was answered: it cannot be sent then without losing
 * some of it.
 */
export function answerForm(
  form: Form,
  answers: Readonly<Record<string, readonly string[]>> | null,
): FormAnswer | null {
  const content: Record<string, string | readonly string[] | boolean> = {};
  const given = form.keys.map((field) => ({ field, words: answers?.[field.text] ?? [] }));
  if (given.every(({ words }) => words.length === 0)) return { action: 'decline' };
  for (const { field, words } of given) {
    const values = words.map((word) => field.values.get(word) ?? (field.open ? word : null));
    const [first] = values;
    if (first === undefined && field.required) return null;
    if (values.includes(null) || (field.type !== 'many' && values.length > 1)) return null;
    if (first === undefined || first === null) continue;
    if (field.type === 'many') content[field.key] = values.filter((value) => value !== null);
    else content[field.key] = field.type === 'yes_no' ? first === 'Yes' : first;
  }
  return { action: 'accept', content };
}

import type { AgentQuestion } from '../../../runtime/agent-backend.ts';
import { fields, list, text } from './foreign.ts';
import type { Fields } from './foreign.ts';

/** An `elicitation/create` form: one question per property of its schema. */
export type Form = { readonly question: AgentQuestion; readonly keys: readonly FormField[] };

type FormField = {
  readonly key: string;
  readonly text: string;
  readonly required: boolean;
  readonly type: 'one' | 'many' | 'words' | 'yes_no';
  readonly values: ReadonlyMap<string, string>;
};

export type FormAnswer =
  | {
      readonly action: 'accept';
      readonly content: Readonly<Record<string, string | readonly string[] | boolean>>;
    }
  | { readonly action: 'decline' };

const declined: FormAnswer = { action: 'decline' };

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
  const type =
    field['type'] === 'boolean' ? 'yes_no' : many ? 'many' : known.length > 0 ? 'one' : ('words' as const);
  const question: AgentQuestion['questions'][number] = {
    text: words.slice(0, 2_000),
    header: header.slice(0, 200),
    options: known.map(({ label, description }) => ({ label, description })),
    multiSelect: many,
  };
  const values = new Map(known.map((one) => [one.label, one.value]));
  return { question, field: { key, text: question.text, required, type, values } satisfies FormField };
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

/** Answers that are not among the options are left out; a required question without an answer declines the whole form. */
export function answerForm(
  form: Form,
  answers: Readonly<Record<string, readonly string[]>> | null,
): FormAnswer {
  if (answers === null) return declined;
  const content: Record<string, string | readonly string[] | boolean> = {};
  for (const field of form.keys) {
    const given = answers[field.text] ?? [];
    const chosen = given.map((label) => field.values.get(label)).filter((value) => value !== undefined);
    const first = field.type === 'words' ? given[0] : chosen[0];
    if (first === undefined) {
      if (field.required) return declined;
      continue;
    }
    if (field.type === 'many') content[field.key] = chosen;
    else content[field.key] = field.type === 'yes_no' ? first === 'Yes' : first;
  }
  return Object.keys(content).length === 0 ? declined : { action: 'accept', content };
}

import { RequestError } from '@agentclientprotocol/sdk';

/** Of omk's own: agents only show the words. -32000 would be read as a missing sign-in, -32002 as a missing file. */
const REFUSED = -32_010;
const INVALID = -32_602;

/** The tool call of the agent fails with this sentence, which the model reads. */
export const refused = (sentence: string, detail: Readonly<Record<string, unknown>> = {}): RequestError =>
  new RequestError(REFUSED, sentence, detail);

export const missing = (path: string): RequestError => RequestError.resourceNotFound(path);

export const invalid = (sentence: string): RequestError => new RequestError(INVALID, sentence);

import { createInterface } from 'node:readline';

type Refusal = readonly [code: number, message: string];

/** A server that greets and then refuses every prompt with an error of its protocol, as when its provider fails. */
export const refusing =
  (refusals: { readonly wire: Refusal; readonly acp: Refusal }) =>
  (protocol: 'wire' | 'acp'): void => {
    const [code, message] = refusals[protocol];
    const send = (body: object): void =>
      void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...body })}\n`);
    const greetings: Readonly<Record<string, object>> = {
      initialize:
        protocol === 'wire'
          ? {
              protocol_version: '1.10',
              server: { name: 'adversary', version: '1' },
              slash_commands: [],
              capabilities: { supports_question: true },
            }
          : {
              protocolVersion: 1,
              agentInfo: { name: 'adversary', version: '1' },
              agentCapabilities: { loadSession: false },
            },
      'session/new': { sessionId: 'refusing' },
    };
    createInterface({ input: process.stdin })
      .on('line', (line) => {
        const { id, method } = JSON.parse(line) as { id?: string | number; method?: string };
        if (id === undefined || method === undefined) return;
        const greeting = greetings[method];
        if (greeting === undefined) send({ id, error: { code, message } });
        else send({ id, result: greeting });
      })
      .on('close', () => process.exit(0));
  };

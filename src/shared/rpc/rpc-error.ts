export type RpcErrorCode =
  'cancelled' | 'disconnected' | 'unknown_path' | 'invalid_input' | 'invalid_output' | 'internal';

/** The bridge's own plane of errors; refusals of the domain are values. Branch on `code`, never on the message. */
export class RpcError extends Error {
  readonly code: RpcErrorCode;

  constructor(code: RpcErrorCode, message: string) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
  }
}

import manifest from '../../../package.json' with { type: 'json' };

export const omkVersion: string = manifest.version;

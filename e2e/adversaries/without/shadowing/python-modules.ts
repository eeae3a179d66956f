export * from '../../../../src/main/runtime/verification/python-modules.ts';
export const shadowsModule = (): false => false;

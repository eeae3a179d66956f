export const findTestDetection = (): [] => [];

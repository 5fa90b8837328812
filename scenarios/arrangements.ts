/** The file fixtures.ts by its name of earlier versions, until the next release. */
export * from './fixtures.ts';

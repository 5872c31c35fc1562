// What the tests use of Node.

declare const process: { env: Record<string, string | undefined> };
declare const Buffer: any;

declare module "node:fs" {
  export const readFileSync: any;
}
declare module "node:test" {
  const test: any;
  export default test;
}
declare module "node:assert/strict" {
  const assert: any;
  export default assert;
}

export async function demo(): Promise<number> {
  throw new Error('wip');
}

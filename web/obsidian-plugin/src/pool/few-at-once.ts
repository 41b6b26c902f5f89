// Doing much without doing it all at once: a server has others to answer, too.

/** Works through all items in their order, so many at a time; ends with the first failure, once nothing is under way. */
export async function fewAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  let ended = false;
  const walk = async () => {
    for (let item = waiting.shift(); item !== undefined && !ended; item = waiting.shift()) {
      try {
        await work(item);
      } catch (failure) {
        ended = true;
        throw failure;
      }
    }
  };
  const walks = await Promise.allSettled(Array.from({ length: atOnce }, walk));
  const failed = walks.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

/**
 * What has been begun and not yet finished, so that a test, a panel or a shutdown can wait until all of it is done.
 */

export type UnderWay = {
  /** Notes work that is running. It must not reject: a failure is a value, anything else is a defect and ends the process. */
  readonly begin: (work: Promise<void>) => void;
  /** Resolves when nothing is running any more, whatever the finished work began in its turn. */
  readonly settled: () => Promise<void>;
};

export function nothingUnderWay(): UnderWay {
  const running = new Set<Promise<void>>();
  return {
    begin: (work) => {
      const noted = work.finally(() => running.delete(noted));
      running.add(noted);
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

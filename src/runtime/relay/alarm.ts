export interface Alarm {
  /** Waits so many milliseconds, or until it rings; not at all if it has rung since the last wait. */
  wait(milliseconds: number): Promise<void>;
  ring(): void;
}

export function alarm(): Alarm {
  let rung = false;
  let wakeUp: (() => void) | undefined;
  return {
    async wait(milliseconds) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wakeUp = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
      wakeUp = undefined;
    },
    ring() {
      rung = true;
      wakeUp?.();
    },
  };
}

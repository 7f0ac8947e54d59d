// @ts-check

/**
 * Goes to one place at a time, always to the last that was asked for: those that were passed meanwhile are left out.
 *
 * @template {object} P
 * @param {(to: P) => Promise<P>} arrive says where that was, to come back to
 */
export function createLastPlace(arrive) {
  /** Where it is, or goes. @type {P | null} */
  let goal = null;
  /** @type {P | null} */
  let reached = null;
  /** @type {Promise<void> | null} */
  let going = null;

  async function follow() {
    try {
      while (goal && goal !== reached) {
        const to = goal;
        reached = await arrive(to);
        goal = goal === to ? reached : goal;
      }
    } catch (error) {
      goal = reached;
      throw error;
    } finally {
      going = null;
    }
  }

  /** @param {P} to @returns {Promise<void>} until it stands where it was asked for last */
  const go = (to) => {
    goal = to;
    return (going ??= follow());
  };

  return {
    go,
    /** Goes once more to where it is, or is on its way to. @param {P} first where it has been nowhere @returns {Promise<void>} */
    again: (first) => go({ ...(goal ?? first) }),
  };
}

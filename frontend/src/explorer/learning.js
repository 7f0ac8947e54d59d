// @ts-check
import { messageOf } from './loaders.js';

/**
 * Asks again and again, one question at a time, while there is something to learn. That it is refused is said once.
 *
 * @param {() => Promise<boolean>} next asks one question where there is one; says whether there may be another
 * @param {{show: (text: string) => void}} toast
 * @returns {() => void} to be called when there may be more to learn
 */
export function createLearning(next, toast) {
  let asking = false;
  let refused = '';

  async function ask() {
    if (asking) {
      return;
    }
    asking = true;
    try {
      while (await next()) {
        // Until there is nothing to ask.
      }
      refused = '';
    } catch (error) {
      const message = messageOf(error);
      if (message !== refused) {
        refused = message;
        toast.show(message);
      }
    } finally {
      asking = false;
    }
  }
  return () => void ask();
}

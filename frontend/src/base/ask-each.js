// @ts-check

/**
 * Asks several questions at once. One that gets no answer keeps the answer it had, so that what one
 * list cannot tell hides no other.
 *
 * @template {Record<string, unknown>} T
 * @param {{[K in keyof T]: () => Promise<T[K]>}} questions
 * @param {T} known the answers so far
 * @returns {Promise<{answers: T, errors: unknown[]}>}
 */
export async function askEach(questions, known) {
  const names = Object.keys(questions);
  const asked = await Promise.allSettled(names.map((name) => questions[name]()));
  const answers = names.map((name, i) => [name, asked[i].status === 'fulfilled' ? asked[i].value : known[name]]);
  return {
    answers: { ...known, ...Object.fromEntries(answers) },
    errors: asked.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])),
  };
}

// @ts-check

/**
 * Nothing but the picture, its narration and the transport, in large text; the address says so
 * (`?present=1`).
 *
 * @param {HTMLElement} root
 * @param {() => void} resized
 */
export function createPresentation(root, resized) {
  const frame = /** @type {HTMLElement} */ (root.querySelector('.fs-frame'));
  const isOn = () => frame.classList.contains('fs-frame--present');

  /** @param {boolean} on */
  function show(on) {
    frame.classList.toggle('fs-frame--present', on);
    document.documentElement.classList.toggle('fs-large', on);
    resized();
  }

  show(new URL(location.href).searchParams.get('present') === '1');
  return {
    isOn,
    /** @param {boolean} on */
    set(on) {
      const address = new URL(location.href);
      if (on) {
        address.searchParams.set('present', '1');
      } else {
        address.searchParams.delete('present');
      }
      history.replaceState(null, '', address);
      show(on);
    },
  };
}

// @ts-check

/**
 * Names the browser's tab: what is looked at first, for a tab shows little more, then the page.
 *
 * @param {...(string | null | undefined)} names empty ones are left out
 */
export function nameTab(...names) {
  const title = [...names, 'Faultscope'].filter(Boolean).join(' · ');
  if (document.title !== title) {
    document.title = title;
  }
}

/**
 * Guests of ours and peers that attach, started from a browser, held and stepped there, recorded
 * into the library.
 */
@NullMarked
package dev.faultscope.session.live;

import org.jspecify.annotations.NullMarked;

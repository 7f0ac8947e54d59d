/**
 * One exploration of a recording: the recording that viewers share, each viewer's own cursor and
 * commands, and the questions a view asks of it.
 *
 * <p>No web, no Spring: a session is driven by sealed commands and tells a {@link
 * dev.faultscope.session.Viewer} what to show.
 */
@NullMarked
package dev.faultscope.session;

import org.jspecify.annotations.NullMarked;

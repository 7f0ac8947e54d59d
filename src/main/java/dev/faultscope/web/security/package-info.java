/**
 * Who may speak to the program: the hosts it answers to, the origins it trusts, and the token that
 * it prints when it starts.
 */
@NullMarked
package dev.faultscope.web.security;

import org.jspecify.annotations.NullMarked;

/** Pages, REST, uploads and errors over HTTP. Controllers are package-private. */
@NullMarked
package dev.faultscope.web;

import org.jspecify.annotations.NullMarked;

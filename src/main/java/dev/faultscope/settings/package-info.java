/**
 * What can be set on a policy, a workload or a source, and the registries that find those by name.
 */
@NullMarked
package dev.faultscope.settings;

import org.jspecify.annotations.NullMarked;

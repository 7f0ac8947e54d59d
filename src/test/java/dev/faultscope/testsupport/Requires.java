package dev.faultscope.testsupport;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Skips the test or the class, with the reason, where the machine lacks one of these; see {@link
 * Requirement} for what turns the skip into a failure. On a class it is decided before anything
 * starts, a Spring context included.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequirementCondition.class)
public @interface Requires {
  Requirement[] value();
}

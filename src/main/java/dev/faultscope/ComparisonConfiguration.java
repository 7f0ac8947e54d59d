package dev.faultscope;

import dev.faultscope.session.comparison.ComparisonLimits;
import dev.faultscope.session.comparison.Comparisons;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where policies are compared. */
@Configuration(proxyBeanMethods = false)
class ComparisonConfiguration {
  @Bean
  Comparisons comparisons() {
    return new Comparisons(ComparisonLimits.USUAL);
  }
}

package dev.faultscope;

import dev.faultscope.web.security.AccessFilter;
import dev.faultscope.web.security.AccessToken;
import dev.faultscope.web.security.AllowedHosts;
import dev.faultscope.web.security.FrameAncestors;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Puts the access rules in front of everything, the error pages included. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {
  @Bean
  AccessToken accessToken(FaultscopeProperties properties) {
    String fixed = properties.token();
    return fixed == null || fixed.isBlank() ? AccessToken.random() : AccessToken.fixed(fixed);
  }

  @Bean
  AllowedHosts allowedHosts(FaultscopeProperties properties) {
    return new AllowedHosts(properties.allowedHosts());
  }

  @Bean
  FilterRegistrationBean<AccessFilter> accessFilter(
      AllowedHosts hosts, AccessToken token, FaultscopeProperties properties) {
    FilterRegistrationBean<AccessFilter> filter =
        new FilterRegistrationBean<>(
            new AccessFilter(hosts, token, new FrameAncestors(properties.embedAncestors())));
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
    filter.addUrlPatterns("/*");
    return filter;
  }
}

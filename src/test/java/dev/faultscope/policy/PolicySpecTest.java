package dev.faultscope.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.settings.Registry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PolicySpecTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "on-demand | on-demand",
        "ON_DEMAND | on-demand",
        "batch | batch",
        "batch:64 | batch:group=64",
        "batch:before=8, after=7 | batch:before=8,after=7",
        "batch:after=15 | batch",
        "working-set:order=address,first=set | working-set:order=address,first=set",
        "working-set:recording=boot | working-set:recording=boot",
        "oracle:recording=boot | oracle:recording=boot"
      })
  void isReadAndWrittenInOneLine(String text, String written) {
    assertThat(PolicySpec.parse(text).text()).isEqualTo(written);
    assertThat(PolicySpec.parse(written)).isEqualTo(PolicySpec.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lazy | \"lazy\" is none of on-demand, batch, prefault",
        "batch: | \"group\" is \"\"; it may be",
        "batch:0x10 | \"group\" is \"0x10\"; it may be 0 to 1048576",
        "batch:-1 | \"group\" is -1; it may be 0 to 1048576",
        "batch:around=3 | policy batch has no setting \"around=3\"; it has before, after, group",
        "on-demand:3 | policy on-demand has no setting \"3\"; it has none",
        "batch:recording=boot | policy batch has no setting \"recording=boot\"",
        "working-set:order=random | \"order\" is none of first-touch, address"
      })
  void mistakesSayWhatThereIs(String text, String message) {
    assertThatThrownBy(() -> PolicySpec.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @MethodSource("dev.faultscope.policy.Policies#all")
  void everyPolicySaysWhatItDoesAndIsFoundByItsName(PolicyType type) {
    assertThat(type.about()).isNotBlank().doesNotEndWith(".");
    assertThat(Policies.named(type.name())).isSameAs(type);
    assertThat(PolicySpec.parse(type.name())).isEqualTo(PolicySpec.of(type));
    assertThat(type.parameters()).allSatisfy(each -> each.check(each.otherwise()));
  }

  @Test
  void aPolicyOfOnesOwnIsKnownUntilItIsTakenBack() {
    PolicyType own = PolicyType.of("own", "does as on-demand", context -> new OnDemand());
    try (Registry.Registration _ = Policies.register(own)) {
      assertThat(PolicySpec.parse("own").type()).isSameAs(own);
      assertThatThrownBy(() -> Policies.register(own)).hasMessageContaining("already");
    }
    assertThatThrownBy(() -> PolicySpec.parse("own")).hasMessageContaining("none of");
  }
}

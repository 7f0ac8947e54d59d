package dev.faultscope.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VocabularyModuleTest {
  @Test
  void browserHasTheVocabularyOfTheModel() throws IOException {
    if ("write".equals(System.getProperty("faultscope.vocabulary"))) {
      Files.writeString(VocabularyModule.FILE, VocabularyModule.write());
    }

    assertThat(Files.readString(VocabularyModule.FILE))
        .as("run ./mvnw test -Dtest=VocabularyModuleTest -Dfaultscope.vocabulary=write")
        .isEqualTo(VocabularyModule.write());
  }

  @Test
  void everyEnumWithCodesIsInTheModule() throws Exception {
    List<Class<?>> written =
        VocabularyModule.CODES.stream().<Class<?>>map(VocabularyModule.Codes::type).toList();

    assertThat(enumsWithCodes())
        .isNotEmpty()
        .allSatisfy(type -> assertThat(written).contains(type));
  }

  @Test
  void everyConstantHasAWordOfItsOwn() {
    assertThat(VocabularyModule.CODES)
        .allSatisfy(
            codes -> {
              assertThat(codes.words())
                  .as(codes.name())
                  .hasSize(codes.type().getEnumConstants().length);
              assertThat(codes.words().values())
                  .as(codes.name())
                  .doesNotHaveDuplicates()
                  .noneMatch(String::isBlank);
            });
  }

  private static List<Class<?>> enumsWithCodes() throws IOException, ClassNotFoundException {
    try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/faultscope/model"))) {
      List<Class<?>> found = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        Class<?> type = Class.forName("dev.faultscope.model." + name);
        boolean coded =
            Arrays.stream(type.getMethods())
                .anyMatch(method -> method.getName().matches("code|number"));
        if (type.isEnum() && coded) {
          found.add(type);
        }
      }
      return found;
    }
  }
}

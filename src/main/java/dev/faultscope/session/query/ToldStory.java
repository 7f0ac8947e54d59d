package dev.faultscope.session.query;

/**
 * A story, and what is copied of it: the same that the command line prints.
 *
 * @param text columns for people
 * @param mermaid a Mermaid sequence diagram
 * @param plantuml a PlantUML sequence diagram
 */
public record ToldStory(FaultStory story, String text, String mermaid, String plantuml) {
  /** {@return a story in every form} */
  public static ToldStory of(FaultStory story) {
    return new ToldStory(
        story, StoryText.TEXT.of(story), StoryText.MERMAID.of(story), StoryText.PLANTUML.of(story));
  }
}

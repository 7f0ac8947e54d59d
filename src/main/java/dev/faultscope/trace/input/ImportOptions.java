package dev.faultscope.trace.input;

import java.util.List;

/**
 * What a person tells the importer.
 *
 * @param regions where guest memory lies; empty lets the importer look for a sidecar and then
 *     conclude them from the faults
 * @param title what people will call the recording; empty takes the file's name
 * @param hostFaults whether the host's own faults are told beside those of a guest; without a guest
 *     and a userfaultfd they are anyway
 */
public record ImportOptions(List<RegionSpec> regions, String title, boolean hostFaults) {
  /** Nothing told. */
  public static final ImportOptions NONE = new ImportOptions(List.of(), "", false);

  public ImportOptions {
    regions = List.copyOf(regions);
  }

  /** {@return the same, with a title where none was told} */
  public ImportOptions titled(String otherwise) {
    return title.isBlank() ? new ImportOptions(regions, otherwise, hostFaults) : this;
  }
}

package sbom;

/**
 * A library that Pactor is made of. Immutable.
 *
 * @param name group and artifact with a colon between them, as advisories name it
 */
public record Component(String name, String version) {

    @Override
    public String toString() {
        return name + " " + version;
    }
}

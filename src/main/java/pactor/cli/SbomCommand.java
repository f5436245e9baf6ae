package pactor.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sbom.Advisory;
import sbom.AdvisoryFiles;
import sbom.BillOfMaterials;
import sbom.Component;
import sbom.MalformedFile;

/** {@code pactor sbom}: what this jar is made of. */
@Command(name = "sbom", mixinStandardHelpOptions = true, versionProvider = Main.Versions.class,
    description = "Prints what this jar is made of: its bill of materials (CycloneDX, JSON).")
final class SbomCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** With its own command. */
    CommandLine commandLine() {
        return new CommandLine(this).addSubcommand(new Check());
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(new String(ofThisJar(), StandardCharsets.UTF_8).strip());
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static byte[] ofThisJar() throws IOException {
        try (InputStream in = SbomCommand.class.getClassLoader()
                .getResourceAsStream(BillOfMaterials.RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(
                    "this build has no " + BillOfMaterials.RESOURCE);
            }
            return in.readAllBytes();
        }
    }

    /** {@code pactor sbom check}. */
    @Command(name = "check", mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class, description = {
        "Looks up what this jar is made of in published advisories. Asks nobody: the advisories",
        "are files that you bring. Exit code 0 if none concerns it, 1 if one does, 2 if they",
        "cannot be read."})
    static final class Check implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Parameters(index = "0", paramLabel = "ADVISORIES", description = {
            "A file in the form of OSV: an advisory, an array of them, or an answer of osv.dev.",
            "Or a directory or a zip file of such."})
        private Path advisories;

        @Option(names = "--except", paramLabel = "ID", description = {
            "An advisory, by its id or an alias, that you have looked at and accept. Repeatable."})
        private List<String> accepted = List.of();

        @Option(names = "--sbom", paramLabel = "FILE", description = {
            "Another bill of materials than that of this jar (CycloneDX, JSON)."})
        private Path other;

        private final List<String> found = new ArrayList<>();
        private int read;
        private int ofMaven;

        @Override
        public Integer call() throws IOException {
            List<Component> components;
            try {
                components = billOfMaterials().components();
                AdvisoryFiles.read(advisories, each -> look(each, components));
            } catch (MalformedFile wrong) {
                throw new ParameterException(spec.commandLine(), wrong.getMessage());
            } catch (IOException unreadable) {
                throw new ParameterException(
                    spec.commandLine(), "cannot be read: " + unreadable);
            }
            PrintWriter out = spec.commandLine().getOut();
            // What a file says must not steer the terminal.
            found.stream().map(each -> each.replaceAll("\\p{Cntrl}+", " ")).sorted()
                .forEach(out::println);
            out.println((found.isEmpty() ? "nothing found" : found.size() + " found") + ": "
                + components.size() + " components, " + read + " advisories read, of which "
                + ofMaven + " are about libraries of Maven");
            out.flush();
            return found.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }

        private BillOfMaterials billOfMaterials() throws IOException, MalformedFile {
            return BillOfMaterials.read(
                other == null ? ofThisJar() : Files.readAllBytes(other));
        }

        private void look(Advisory advisory, List<Component> components) {
            read++;
            ofMaven += advisory.affected().isEmpty() ? 0 : 1;
            if (accepted.stream().anyMatch(advisory::isNamed)) {
                return;
            }
            for (Component component : components) {
                Optional<String> what = advisory.concerns(component);
                what.ifPresent(each -> found.add(component + ": "
                    + String.join(" ", ids(advisory)) + ", " + each + ": "
                    + advisory.summary().strip()));
            }
        }

        private static List<String> ids(Advisory advisory) {
            List<String> ids = new ArrayList<>(List.of(advisory.id()));
            ids.addAll(advisory.aliases());
            return ids;
        }
    }
}

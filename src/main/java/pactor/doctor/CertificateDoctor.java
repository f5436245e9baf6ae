package pactor.doctor;

import static pactor.doctor.Diagnosis.fail;
import static pactor.doctor.Diagnosis.ok;
import static pactor.doctor.Diagnosis.warn;

import credential.ParticipantCredentials;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import pactor.settings.TlsSettings;
import tls.Credentials;
import tls.TlsException;
import tls.TlsFiles;

/**
 * The part of {@code pactor doctor} that looks at certificates and keys: whether they can be read,
 * belong together, and will do so for a while. Blocks for the reading of files.
 */
public final class CertificateDoctor {

    /** The name of the check. */
    private static final String CHECK = "certificates";

    private final Clock clock;
    private final Consumer<Diagnosis> told;

    /** @param clock tells what has ended */
    public CertificateDoctor(Clock clock, Consumer<Diagnosis> told) {
        this.clock = clock;
        this.told = told;
    }

    /** Tells nothing where no files are given. */
    public void look(TlsSettings tls) {
        look("pactor.http.tls", tls.http().files());
        if (!tls.grpc().files().equals(tls.http().files())) {
            look("pactor.grpc.tls", tls.grpc().files());
        }
        look("pactor.calls.tls", tls.calls());
        look("pactor.cluster.tls", tls.cluster());
        tls.credentials().ifPresent(file -> look(file, tls.calls().authorities()));
    }

    private void look(Path file, Optional<Path> authorities) {
        try {
            ParticipantCredentials.read(Optional.of(file), authorities);
            told.accept(ok("credentials", file + " and the files that it names can be used"));
        } catch (IllegalArgumentException unusable) {
            told.accept(fail("credentials", unusable.getMessage(),
                "mend the file; serve does not start with it"));
        }
    }

    private void look(String tree, TlsFiles files) {
        if (files.all().isEmpty()) {
            return;
        }
        try {
            told.accept(judge(tree, Credentials.read(files)));
        } catch (TlsException unusable) {
            told.accept(fail(CHECK, tree + ": " + unusable.getMessage(),
                "mend the file; serve does not start with it"));
        }
    }

    /** By the one of all certificates that ends first; none begins with another one's end. */
    private Diagnosis judge(String tree, Credentials read) {
        List<X509Certificate> all = new ArrayList<>(read.chain());
        all.addAll(read.authorities());
        Instant now = clock.instant();
        for (X509Certificate each : all) {
            if (now.isBefore(each.getNotBefore().toInstant())) {
                return fail(CHECK, tree + ": " + name(each) + " is valid from "
                    + each.getNotBefore().toInstant() + " on", "see that this machine's clock is"
                    + " right, or take another certificate");
            }
        }
        X509Certificate first = all.stream()
            .min(Comparator.comparing(X509Certificate::getNotAfter)).orElseThrow();
        Instant end = first.getNotAfter().toInstant();
        if (end.isBefore(now)) {
            return fail(CHECK, tree + ": " + name(first) + " ended " + end,
                "replace it; a running server takes it over");
        }
        if (end.isBefore(now.plus(DoctorBounds.CERTIFICATE_WARN))) {
            return warn(CHECK, tree + ": " + name(first) + " ends " + end,
                "replace it; a running server takes it over");
        }
        return ok(CHECK, tree + ": all can be used, until " + end);
    }

    private static String name(X509Certificate certificate) {
        return "the certificate of " + certificate.getSubjectX500Principal().getName();
    }
}

package pactor.doctor;

import static pactor.doctor.Diagnosis.fail;
import static pactor.doctor.Diagnosis.ok;
import static pactor.doctor.Diagnosis.warn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of {@code pactor doctor} that looks at the directory of an embedded database. */
public final class DiskDoctor {

    private static final String DISK = "disk";

    private static final long MIB = 1L << 20;

    private DiskDoctor() {}

    /** @param wanted the directory, which need not be there */
    public static Diagnosis look(Path wanted) {
        Path dir = wanted.toAbsolutePath().normalize();
        Path there = dir;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        String what = dir + (there.equals(dir) ? "" : " (to be made)");
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            return fail(DISK, there + (Files.isDirectory(there)
                ? " cannot be written by this user" : " is not a directory"),
                "give --data-dir a directory of this user's");
        }
        try {
            return judge(what, Files.getFileStore(there).getUsableSpace());
        } catch (IOException wrong) {
            return fail(DISK, "cannot look at " + there + ": " + wrong, "see that disk");
        }
    }

    /** @param free bytes */
    public static Diagnosis judge(String what, long free) {
        String found = free / MIB + " MiB free for " + what;
        String advice = "make room, or shorten pactor.retention.keep";
        return free < DoctorBounds.DISK_FAIL_BYTES ? fail(DISK, found, advice)
            : free < DoctorBounds.DISK_WARN_BYTES ? warn(DISK, found, advice) : ok(DISK, found);
    }
}

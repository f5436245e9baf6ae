package actors;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import transaction.Attempt;
import transaction.BranchStatus;
import transaction.CallKey;
import transaction.Mode;
import transaction.Notice;
import transaction.Op;
import transaction.Outcome;
import transaction.Protocol;
import transaction.Status;

/** A {@link Notice} as bytes, and back: a letter for its kind, then its parts in order. */
final class NoticeBytes {

    private NoticeBytes() {}

    static void write(DataOutputStream out, Notice notice) throws IOException {
        out.writeChar(kind(notice));
        out.writeUTF(notice.subject().gid());
        out.writeUTF(notice.subject().mode().wire());
        out.writeUTF(notice.subject().status().wire());
        write(out, notice.at());
        if (notice instanceof Notice.StatusChanged changed) {
            out.writeUTF(changed.from().wire());
            out.writeUTF(changed.reason());
        } else if (notice instanceof Notice.BranchSettled settled) {
            write(out, settled.key());
            out.writeUTF(settled.verdict().wire());
            out.writeUTF(settled.reason());
        } else if (notice instanceof Notice.Attempted attempted) {
            write(out, attempted.attempt());
        } else if (notice instanceof Notice.RetryScheduled retry) {
            write(out, retry.key());
            write(out, retry.notBefore());
            out.writeBoolean(retry.putOff());
        } else if (notice instanceof Notice.PassFinished pass) {
            out.writeLong(pass.number());
        }
    }

    /** @throws IllegalArgumentException (or a runtime exception like it) if it is none */
    static Notice read(DataInputStream in) throws IOException {
        char kind = in.readChar();
        Notice.Subject about = new Notice.Subject(in.readUTF(),
            Mode.of(in.readUTF()).orElseThrow(), Status.of(in.readUTF()).orElseThrow());
        Instant at = instant(in);
        return switch (kind) {
            case 'c' -> new Notice.Created(about, at);
            case 's' -> new Notice.StatusChanged(
                about, Status.of(in.readUTF()).orElseThrow(), in.readUTF(), at);
            case 'b' -> new Notice.BranchSettled(about, key(in),
                BranchStatus.of(in.readUTF()).orElseThrow(), in.readUTF(), at);
            case 'a' -> new Notice.Attempted(about, attempt(in), at);
            case 'r' -> new Notice.RetryScheduled(
                about, key(in), instant(in), in.readBoolean(), at);
            case 'p' -> new Notice.PassFinished(about, in.readLong(), at);
            default -> throw new IllegalArgumentException("no notice begins with " + kind);
        };
    }

    private static char kind(Notice notice) {
        if (notice instanceof Notice.Created) {
            return 'c';
        }
        if (notice instanceof Notice.StatusChanged) {
            return 's';
        }
        if (notice instanceof Notice.BranchSettled) {
            return 'b';
        }
        if (notice instanceof Notice.Attempted) {
            return 'a';
        }
        return notice instanceof Notice.RetryScheduled ? 'r' : 'p';
    }

    private static void write(DataOutputStream out, Attempt attempt) throws IOException {
        write(out, attempt.key());
        out.writeUTF(attempt.url());
        out.writeUTF(attempt.protocol().wire());
        out.writeUTF(attempt.outcome().kind().name());
        out.writeUTF(attempt.outcome().reason());
        out.writeLong(attempt.took().toNanos());
        out.writeInt(attempt.number());
    }

    private static Attempt attempt(DataInputStream in) throws IOException {
        return new Attempt(key(in), in.readUTF(),
            Protocol.of(in.readUTF()).orElseThrow(),
            new Outcome(Outcome.Kind.valueOf(in.readUTF()), in.readUTF(), Duration.ZERO),
            Duration.ofNanos(in.readLong()), in.readInt());
    }

    private static void write(DataOutputStream out, CallKey key) throws IOException {
        out.writeUTF(key.branchId());
        out.writeUTF(key.op().wire());
    }

    private static CallKey key(DataInputStream in) throws IOException {
        return new CallKey(in.readUTF(), Op.of(in.readUTF()).orElseThrow());
    }

    private static void write(DataOutputStream out, Instant at) throws IOException {
        out.writeLong(at.getEpochSecond());
        out.writeInt(at.getNano());
    }

    private static Instant instant(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }
}

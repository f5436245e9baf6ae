package pactor;

import actors.Quotas;
import java.util.Optional;
import java.util.function.Supplier;
import meter.Meter;
import pactor.settings.Settings;
import store.Database;
import store.TransactionTable;
import store.UsageTable;

/** The quotas of the settings, against what the database has. */
final class NamespaceQuotas {

    private NamespaceQuotas() {}

    static Quotas of(Supplier<Settings> settings, Database database, Meter meter) {
        UsageTable table = new UsageTable(database);
        TransactionTable index = new TransactionTable(database);
        return new Quotas(() -> settings.get().security().quotas(), new Quotas.Sources(
            namespace -> table.of(namespace).thenApply(
                found -> new Quotas.Usage(found.open(), found.bytes())),
            id -> index.find(id).thenApply(Optional::isPresent)), meter, System::nanoTime);
    }
}

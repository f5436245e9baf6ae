package io.pactor.spring.boot4;

import io.pactor.spring.contract.GlobalTransactionContract;

class Boot4GlobalTransactionTest extends GlobalTransactionContract {}

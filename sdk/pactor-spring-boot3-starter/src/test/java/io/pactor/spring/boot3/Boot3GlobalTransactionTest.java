package io.pactor.spring.boot3;

import io.pactor.spring.contract.GlobalTransactionContract;

class Boot3GlobalTransactionTest extends GlobalTransactionContract {}

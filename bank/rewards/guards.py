"""What the database itself keeps true of stock: only a movement changes what a batch holds, and never below nothing."""

SQLITE = {
    "stock_movement__moves_batch": """
        CREATE TRIGGER "stock_movement__moves_batch" AFTER INSERT ON stock_movement
        BEGIN
            UPDATE batch SET free = free + NEW.free, held = held + NEW.held, last_movement_id = NEW.id WHERE id = NEW.batch_id;
        END""",
    "batch__starts_empty": """
        CREATE TRIGGER "batch__starts_empty" BEFORE INSERT ON batch
        WHEN NEW.free <> 0 OR NEW.held <> 0 OR NEW.last_movement_id IS NOT NULL OR EXISTS (SELECT 1 FROM batch WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'append_only: batch'); END""",
    # What a batch holds moves only by a movement newer than the last one, and by exactly what that movement says.
    "batch__stock_by_movement": """
        CREATE TRIGGER "batch__stock_by_movement" BEFORE UPDATE ON batch
        WHEN (NEW.free <> OLD.free OR NEW.held <> OLD.held OR NEW.last_movement_id IS NOT OLD.last_movement_id)
         AND NOT coalesce(NEW.last_movement_id > coalesce(OLD.last_movement_id, 0) AND EXISTS (
                SELECT 1 FROM stock_movement WHERE id = NEW.last_movement_id AND batch_id = NEW.id
                AND free = NEW.free - OLD.free AND held = NEW.held - OLD.held), 0)
        BEGIN SELECT RAISE(ABORT, 'append_only: batch stock'); END""",
    "batch__same_batch": """
        CREATE TRIGGER "batch__same_batch" BEFORE UPDATE ON batch
        WHEN NEW.id <> OLD.id OR NEW.reward_id <> OLD.reward_id OR NEW.counter_id <> OLD.counter_id
          OR NEW.label <> OLD.label OR NEW.best_before IS NOT OLD.best_before
        BEGIN SELECT RAISE(ABORT, 'append_only: batch'); END""",
    "batch__no_delete": """
        CREATE TRIGGER "batch__no_delete" BEFORE DELETE ON batch
        BEGIN SELECT RAISE(ABORT, 'append_only: batch'); END""",
}

FUNCTIONS = {
    "move_batch": """
        CREATE FUNCTION move_batch() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
        BEGIN
            UPDATE batch SET free = free + NEW.free, held = held + NEW.held, last_movement_id = NEW.id WHERE id = NEW.batch_id;
            RETURN NULL;
        END $$""",
}

POSTGRES = {
    "stock_movement__moves_batch": """
        CREATE TRIGGER "stock_movement__moves_batch" AFTER INSERT ON stock_movement
        FOR EACH ROW EXECUTE FUNCTION move_batch()""",
    "batch__starts_empty": """
        CREATE TRIGGER "batch__starts_empty" BEFORE INSERT ON batch FOR EACH ROW
        WHEN (NEW.free <> 0 OR NEW.held <> 0 OR NEW.last_movement_id IS NOT NULL) EXECUTE FUNCTION refuse_change('batch')""",
    # Only the movement's own trigger is one level deep.
    "batch__stock_by_movement": """
        CREATE TRIGGER "batch__stock_by_movement" BEFORE UPDATE ON batch FOR EACH ROW
        WHEN (pg_trigger_depth() = 0 AND (NEW.free <> OLD.free OR NEW.held <> OLD.held
                                          OR NEW.last_movement_id IS DISTINCT FROM OLD.last_movement_id))
        EXECUTE FUNCTION refuse_change('batch stock')""",
    "batch__same_batch": """
        CREATE TRIGGER "batch__same_batch" BEFORE UPDATE ON batch FOR EACH ROW
        WHEN (NEW.id <> OLD.id OR NEW.reward_id <> OLD.reward_id OR NEW.counter_id <> OLD.counter_id
              OR NEW.label <> OLD.label OR NEW.best_before IS DISTINCT FROM OLD.best_before)
        EXECUTE FUNCTION refuse_change('batch')""",
    "batch__no_delete": """
        CREATE TRIGGER "batch__no_delete" BEFORE DELETE ON batch FOR EACH ROW EXECUTE FUNCTION refuse_change('batch')""",
    "batch__no_truncate": """
        CREATE TRIGGER "batch__no_truncate" BEFORE TRUNCATE ON batch EXECUTE FUNCTION refuse_change('batch')""",
}

  if ((result.data.ADMIN_USERNAME === undefined) !== (result.data.ADMIN_PASSWORD === undefined)) {
    throw new SettingsError('Bad settings:\n  ADMIN_USERNAME and ADMIN_PASSWORD go together');
  }
